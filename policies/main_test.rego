package podgraft

_fruits := {
	"apple": {"decision": {
		"skips": [{"system": "apple", "code": "not_wanted"}],
		"audit": {"apple": "left alone"},
	}},
	"berry": {
		"decision": {
			"denials": [{"system": "berry", "code": "bad", "message": "no"}],
			"warnings": ["ripe"],
		},
		"configuration": {"errors": [{"path": "", "message": "unripe"}]},
	},
	"cherry": {"decision": {
		"injections": [{"system": "cherry", "template": "stone"}],
		"denials": [{"system": "cherry", "code": "worse", "message": "never"}],
		"lookups": [{"kind": "image"}],
		"audit": {"cherry": "denied"},
	}},
}

test_decision_joins_by_name if {
	decision == {
		"injections": [{"system": "cherry", "template": "stone"}],
		"lookups": [{"kind": "image"}],
		"denials": [
			{"system": "berry", "code": "bad", "message": "no"},
			{"system": "cherry", "code": "worse", "message": "never"},
		],
		"skips": [{"system": "apple", "code": "not_wanted"}],
		"warnings": ["ripe"],
		"audit": {"apple": "left alone", "cherry": "denied"},
	} with data.podgraft.systems as _fruits
		with data.podgraft.config as {"cherry": {}, "berry": {}, "apple": {}}
}

test_decision_declared_order_first if {
	denied := [denial.system | some denial in decision.denials] with data.podgraft.systems as _fruits
		with data.podgraft.config as {"order": ["cherry"], "berry": {}, "apple": {}, "cherry": {}}
	denied == ["cherry", "berry"]
}

test_decision_without_fruits_is_whole if {
	decision == {
		"injections": [],
		"lookups": [],
		"denials": [],
		"skips": [],
		"warnings": [],
		"audit": {},
	} with data.podgraft.config as {}
}

test_configuration_of_those_that_have_one if {
	expected := {"berry": {"errors": [{"path": "", "message": "unripe"}]}}
	configuration == expected with data.podgraft.systems as _fruits
		with data.podgraft.config as {"apple": {}, "berry": {}}
}

test_decision_without_systems_that_are_switched_off if {
	decision == {
		"injections": [],
		"lookups": [],
		"denials": [{"system": "berry", "code": "bad", "message": "no"}],
		"skips": [{"system": "apple", "code": "not_wanted"}],
		"warnings": ["ripe"],
		"audit": {"apple": "left alone"},
	} with data.podgraft.systems as _fruits
		with data.podgraft.config as {
			"order": ["cherry", "apple"],
			"apple": {},
			"berry": {"enabled": true},
			"cherry": {"enabled": false},
		}
}

test_configuration_without_systems_that_are_switched_off if {
	configuration == {} with data.podgraft.systems as _fruits
		with data.podgraft.config as {"apple": {}, "berry": {"enabled": false}}
}
