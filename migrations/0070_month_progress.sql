-- The month of one school reads the kept sums of that school alone, and not those of the whole province.
CREATE INDEX figure_month_by_school ON figure_month (school, month);
CREATE INDEX figure_year_by_school ON figure_year (school, year);
