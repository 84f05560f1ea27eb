"""What the rulebook's engines are measured against: one policy (POLICY.md), its data, and peers written by hand."""
