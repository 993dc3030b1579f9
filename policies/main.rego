# METADATA
# description: |
#   Collects what the systems say. A system joins by being there: its rules `decision` and `configuration` in the
#   package podgraft.systems.<system>, and its configuration, which names it. Configuration may switch it off.
package podgraft

# METADATA
# description: What becomes of the pod under review.
# entrypoint: true
decision := {
	"injections": _joined("injections"),
	"lookups": _joined("lookups"),
	"denials": _joined("denials"),
	"skips": _joined("skips"),
	"warnings": _joined("warnings"),
	"audit": object.union_n(array.concat([{}], _joined_audit)),
}

# METADATA
# description: What each system makes of its configuration, before any review.
# entrypoint: true
configuration := {system: answer |
	some system in _systems
	answer := data.podgraft.systems[system].configuration
}

_joined(part) := [item |
	some answer in _decisions
	some item in answer[part]
]

# Compiled, the union of no objects at all is undefined; so there is always one.
_joined_audit := [answer.audit | some answer in _decisions]

_decisions := [answer |
	some system in _systems
	answer := data.podgraft.systems[system].decision
]

# In the order that the configuration gives, the others after it by name; without those that are switched off.
_systems := [system |
	some system in array.concat(_first, _rest)
	not data.podgraft.config[system].enabled == false
]

_first := object.get(data.podgraft.config, "order", [])

_rest := sort([system |
	some system, _ in data.podgraft.config
	system != "order"
	not system in _first
])
