# The peer: the same gap table from R. Reads a CSV with E01..E24 and P01..P24 and prints seconds for reading and for computing.
# Usage: Rscript bench/peer_psych.R FILE.csv
suppressPackageStartupMessages({library(data.table); library(psych)})
file <- commandArgs(trailingOnly = TRUE)[1]
read_seconds <- system.time(answers <- fread(file, showProgress = FALSE))[["elapsed"]]
items <- sprintf("%02d", 1:24)
compute_seconds <- system.time({
  E <- as.data.frame(answers)[paste0("E", items)]
  P <- as.data.frame(answers)[paste0("P", items)]
  D <- P - E
  tests <- lapply(seq_along(items), function(i) t.test(P[[i]], E[[i]], paired = TRUE))
  table <- data.frame(
    item = items, n = colSums(!is.na(D)), expectation = colMeans(E, na.rm = TRUE), perception = colMeans(P, na.rm = TRUE),
    gap = colMeans(D, na.rm = TRUE), low = sapply(tests, function(t) t$conf.int[1]), high = sapply(tests, function(t) t$conf.int[2]),
    d_z = colMeans(D, na.rm = TRUE) / apply(D, 2, sd, na.rm = TRUE),
    p = p.adjust(sapply(tests, function(t) t$p.value), "holm"))
  alphas <- sapply(list(E, P, D), function(x) suppressWarnings(alpha(x, n.iter = 0, check.keys = FALSE)$total$raw_alpha))
  products <- cov(cbind(E, P), use = "pairwise.complete.obs")
})[["elapsed"]]
cat(sprintf("{\"read_s\": %.4f, \"compute_s\": %.4f, \"rows\": %d, \"gap_1\": %.9f, \"alpha_e\": %.9f}\n", read_seconds, compute_seconds,
            nrow(answers), table$gap[1], alphas[1]))
