"""Task folders made from other forms: one jsonl of triggers, other people's benchmarks. What is made is cached."""
