"""Events and the jobs they start, kept in the database beside what they are about (DESIGN section 7)."""
