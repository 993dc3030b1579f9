package podgraft.systems.talend_vsi

test_key_of_each_prefix if {
	_key("inject") == "sidecar.vault.talend.org/inject"
	key := _key("inject") with data.podgraft.config.talend_vsi.annotationPrefix as ""
	key == "inject"
}

test_list_keeps_places if {
	_trimmed(_items("a, b,,c ")) == ["a", "b", "", "c"]
	_trimmed(_items("")) == [""]
}
