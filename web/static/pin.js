// «Dùng vị trí của tôi»: puts the phone's own place into the field; sending it stays with the person.

const LOCATION_MS = 20_000;
const ROUGH_METRES = 100;

const here = document.querySelector("#here");
const button = document.querySelector("#locate");
const where = document.querySelector("#where");
const typed = document.querySelector("#vi_tri");

if (window.isSecureContext && navigator.geolocation) {
  here.hidden = false;
  button.addEventListener("click", locate);
}

function locate() {
  where.textContent = here.dataset.locating;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const point = `${coords.latitude.toFixed(6)}, ${coords.longitude.toFixed(6)}`;
      const metres = Math.max(Math.round(coords.accuracy), 1);
      typed.value = point;
      const found = here.dataset.found.replace("{point}", point).replace("{metres}", String(metres));
      where.textContent = metres > ROUGH_METRES ? `${found} ${here.dataset.rough}` : found;
    },
    (error) => {
      where.textContent = error.code === error.PERMISSION_DENIED ? here.dataset.refused : here.dataset.failed;
    },
    { enableHighAccuracy: true, timeout: LOCATION_MS, maximumAge: 0 },
  );
}
