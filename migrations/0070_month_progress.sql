-- The month of one school reads the kept sums of that school alone, and not those of the whole province.
CREATE INDEX figure_month_by_school ON figure_month (school, month);
CREATE INDEX figure_year_by_school ON figure_year (school, year);

-- What the school says to what is pointed out about its month; '' for nothing.
ALTER TABLE month_report ADD COLUMN word TEXT NOT NULL DEFAULT '';
