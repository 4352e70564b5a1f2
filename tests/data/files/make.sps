DATA LIST LIST /id (F4.0) E1 (F1.0) P1 (F1.0) w (F8.2) d (DATE11) dt (DATETIME20) t (TIME8) name (A20).
BEGIN DATA
1 7 5 1.25 08-JAN-2026 '08-JAN-2026 13:40:00' 13:40:00 '张三'
2 9 . 0.1 28-FEB-1900 '01-JAN-1970 00:00:00' 00:00:05 'a,"b"'
3 6 6 -3 . . . ''
END DATA.
VARIABLE LABELS E1 '期望：快' P1 'Perceived speed'.
VALUE LABELS E1 P1 1 'very bad' 7 'very good' 9 "don't know" / name 'm' 'male'.
MISSING VALUES E1 P1 (9) / w (LOWEST THRU -1, 99).
SAVE OUTFILE='answers.sav'.
SAVE OUTFILE='answers.zsav' /ZCOMPRESSED.
