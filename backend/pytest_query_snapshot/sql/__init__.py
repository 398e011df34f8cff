"""SQL text in, facts out; knows neither goldens nor pytest."""
