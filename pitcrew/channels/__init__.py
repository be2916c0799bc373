"""One sealed folder per channel: how customers reach the company and are answered."""
