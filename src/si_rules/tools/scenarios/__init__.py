"""The policy's own tests: cases in the policy's words, what each expects, and which clauses they have seen."""
