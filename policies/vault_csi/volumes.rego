package podgraft.systems.vault_csi

import data.podgraft.lib.pod

_driver := "secrets-store.csi.k8s.io"

# The pod's own volumes of the driver.
_driver_volumes := [volume |
	some volume in pod.volumes
	volume.csi.driver == _driver
]

# The SecretProviderClass whose volume the pod gets.
_class := _text("csi-class") if {
	_way == "class"
} else := _config.inline.class

# The pod's own volumes of this class.
_own_volumes := [volume |
	some volume in _driver_volumes
	volume.csi.volumeAttributes.secretProviderClass == _class
]

# The volume that the containers mount.
_volume := _own_volumes[0].name if {
	_own_volumes != []
} else := "vault-csi"

# Whether a volume of the pod's own says what its annotations ask for.
_fits(volume) if {
	volume.csi.readOnly == true
	_meaning(volume.csi.volumeAttributes) == _attributes
}

_meaning(attributes) := object.union(attributes, {"objects": objects}) if {
	objects := podgraft.parse_json(attributes.objects).value
} else := attributes

# Volumes that say more than their class where that is forbidden. What the annotations ask for has been looked at, so
# the volume that was made of them may stay.
_forbidden_volumes := [volume.name |
	some volume in _driver_volumes
	count(object.remove(volume.csi.volumeAttributes, ["secretProviderClass"])) > 0
	not _is_ours(volume)
]

_is_ours(volume) if {
	_is_on(_wish)
	not _problem
	_fits(volume)
}
