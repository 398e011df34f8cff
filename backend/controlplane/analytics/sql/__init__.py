"""SQL that every question is built from: buckets, percentiles, what the databases spell differently."""
