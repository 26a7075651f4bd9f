"""Many drawn people: how they differ, treatment, sham or none, and numbered chunks of a cohort."""
