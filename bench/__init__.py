"""Speed and memory: a script each, medians, as ratios to a floor measured in the same run."""
