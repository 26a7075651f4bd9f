"""What is kept of a person, in words and pictures as a page lays them out; nothing here asks the record."""
