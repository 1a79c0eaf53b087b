"""A school's workbook (.xlsx): what it may hold, how it is read, checked and applied."""
