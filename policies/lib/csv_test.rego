package podgraft.lib.csv_test

import data.podgraft.lib.csv

test_items_trimmed_in_order if csv.items("b, a ,c") == ["b", "a", "c"]

test_items_empty_left_out if {
	csv.items("") == []
	csv.items(" , ,") == []
	csv.items("a,,b,") == ["a", "b"]
}
