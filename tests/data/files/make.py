"""Old files that say nothing, or the wrong thing, of their encoding: texts of gbk.sav and gbk-13.dta as GBK, in place.

python3 make.py, after make.sps (pspp) and make.R; answers.xlsx is answers.csv, saved by LibreOffice.
"""
import pathlib

here = pathlib.Path(__file__).parent
for source, target, pad in (("answers.sav", "gbk.sav", b" "), ("gbk-13.dta", "gbk-13.dta", b"\0")):
    data = (here / source).read_bytes()
    for text in ("张三", "期望：快"):
        old, new = text.encode(), text.encode("gbk")
        data = data.replace(old, new + pad * (len(old) - len(new)))
    (here / target).write_bytes(data)
