"""What is noted at the bedside, folded: values, needles, the case. The same in any order of the entries."""
