"""What people type for short, and how it is written out: one a line, short forms first."""

_LIST = """
ko k kg kô hok hog hông hổng hem khum khg hk kh: không
dc đc dx đx đuoc đươc đựơc: được
đag dag đng: đang
ngta ngt: người ta
ng ngừ ngừi: người
mn mng: mọi người
nc: nước
đt: điện thoại
sdt sđt: số điện thoại
cb cbcc: cán bộ
cbo: cán bộ
ct: chủ tịch
pct: phó chủ tịch
gv: giáo viên
hs: học sinh
ph: phụ huynh
vsmt: vệ sinh môi trường
attp vsattp atvstp: an toàn thực phẩm
ktra kta: kiểm tra
qđ: quyết định
xphc: xử phạt hành chính
xd: xây dựng
gpxd: giấy phép xây dựng
cty: công ty
bv: bệnh viện
trg: trường
cccd cmnd cmt: căn cước
tthc: thủ tục hành chính
dvc: dịch vụ công
gcn gcnqsdđ gcnqsdd: giấy chứng nhận
qsdđ qsdd: quyền sử dụng đất
ntm: nông thôn mới
nvh: nhà văn hóa
tdp: tổ dân phố
r gòi rùi rầu roài ròi: rồi
j gj: gì
z zậy dzậy zay v zị vại: vậy
wa wá qá wóa: quá
cx cũg: cũng
e: em
mik mk mìn: mình
lm: làm
lun luôg: luôn
nhìu nhìeu nhiu: nhiều
bik bjt: biết
vs: với
trc: trước
hqua: hôm qua
hnay: hôm nay
h: giờ
ns: nói
nt: nhắn tin
thg: thằng
đk: đăng ký
zô dzô: vô
zui: vui
zợ dzợ: vợ
tks thanks thank: cảm ơn
mún: muốn
hoy hui: thôi
nhe: nhé
dới dzới: với
đừg: đừng
chủn: chuẩn
khiêu: khiếu
khíu: khiếu
"""


def _read(lines: str) -> dict[str, str]:
    return {
        short: full.strip()
        for line in lines.strip().splitlines()
        for shorts, full in [line.split(":")]
        for short in shorts.split()
    }


SHORTHAND = _read(_LIST)
