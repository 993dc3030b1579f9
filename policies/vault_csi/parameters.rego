package podgraft.systems.vault_csi

# METADATA
# description: |
#   What the template needs beyond what configuration gives it: the parameters that follow from the pod, and those that
#   its annotations change.
parameters["readers"] := _readers

parameters["attributes"] := _attributes if _own_volumes == []

parameters["volume"] := _volume

parameters["mountPath"] := _text("mount-path") if _text("mount-path")

parameters["variables"] := [object.remove(variable, ["where"]) | some variable in _variables] if _variables != []
