"""What past pytest sessions know: which tests ran, which goldens they used."""
