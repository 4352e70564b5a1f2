# The files of Stata and SAS beside this script: Rscript make.R
library(haven)
d <- data.frame(
  id = 1:3,
  E1 = labelled(c(7, NA, 6), c(bad = 1, "very good" = 7), label = "期望：快"),
  xx = c(1.25, 0.1, -3),
  when = as.Date(c("2026-01-08", "1900-02-28", NA)),
  at = as.POSIXct(c("2026-01-08 13:40:00", "1970-01-01 00:00:00", NA), tz = "UTC"),
  name = c("张三", "a,\"b\"", ""))
write_dta(d, "answers-8.dta", version = 8)
write_dta(d, "gbk-13.dta", version = 13) # its texts are then written as GBK by make.py
write_sas(d[, c("id", "xx", "when", "at", "name")], "answers.sas7bdat")
d$tagged <- labelled(c(1, tagged_na("a"), 2), c(one = 1, refused = tagged_na("a")))
write_dta(d, "tagged-14.dta", version = 14)

# Stata 6, which haven doesn't write.
foreign::write.dta(data.frame(id = 1:20, E1 = 1:20 %% 7 + 1, P1 = 1:20 %% 5 + 1, g = factor(rep(c("a", "b"), 10))), "answers-6.dta", version = 6L)
