package podgraft.systems.vault_agent

_account_token := "/var/run/secrets/kubernetes.io/serviceaccount/token"

test_auth_config_parameters if {
	emitted := _emitted({"auth-config-role-id-file-path": "/vault/custom/r", "auth-config-x": "", "auth-config-n": "1"})
	emitted.authConfig == {
		"role_id_file_path": "/vault/custom/r",
		"x": "",
		"n": "1",
		"role": "shop",
		"token_path": _account_token,
	}
}

test_auth_config_role_beats_parameter if {
	_emitted({"auth-config-role": "loses", "role": "wins"}).authConfig.role == "wins"
}

test_auth_config_token_path_replaced if {
	_emitted({"auth-config-token-path": "/t"}).authConfig.token_path == "/t"
}

test_auth_config_two_keys_one_name if {
	_emitted({"auth-config-a-b": "1", "auth-config-a_b": "2", "auth-config-c": "3"}).authConfig == {
		"a_b": "2",
		"c": "3",
		"role": "shop",
		"token_path": _account_token,
	}
}

test_auth_config_configured if {
	configured := {"region": "all", "header-value": "h"}
	emitted := _emitted({"auth-config-region": "own"}) with data.podgraft.config.vault_agent.authConfig as configured
	emitted.authConfig == {"region": "own", "header_value": "h", "role": "shop", "token_path": _account_token}
}

_role_token := {
	"name": "aws-iam-token",
	"mountPath": "/var/run/secrets/eks.amazonaws.com/serviceaccount",
	"readOnly": true,
}

_aws_container := {
	"name": "web",
	"volumeMounts": [_token_mount, _role_token],
	"env": [
		{"name": "AWS_REGION", "value": "eu-central-1"},
		{"name": "OTHER", "value": "x"},
		{"name": "AWS_ROLE_ARN", "value": "arn"},
		{"name": "AWS_WEB_IDENTITY_TOKEN_FILE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
	],
}

test_aws_mount_and_variables if {
	second := object.union(_named("b"), {"env": [{"name": "AWS_ROLE_ARN", "value": "second"}]})
	asked := {"auth-type": "aws", "auth-config-region": "us-east-2"}
	emitted := _emitted_for(asked, {"containers": [_aws_container, second]})
	emitted.aws == {"volume": "aws-iam-token", "path": "/var/run/secrets/eks.amazonaws.com/serviceaccount"}
	emitted.awsEnv == [
		{"name": "AWS_ROLE_ARN", "value": "arn"},
		{"name": "AWS_WEB_IDENTITY_TOKEN_FILE"},
		{"name": "AWS_REGION", "value": "eu-central-1"},
		{"name": "AWS_REGION", "value": "us-east-2"},
	]
}

test_aws_empty_region if {
	emitted := _emitted({"auth-type": "aws", "auth-config-region": ""})
	emitted.awsEnv == [{"name": "AWS_REGION"}]
}

test_aws_other_method if {
	emitted := _emitted_for({"auth-type": "approle"}, {"containers": [_aws_container]})
	not emitted.aws
	not emitted.awsEnv
}

test_aws_nothing_to_copy if {
	emitted := _emitted({"auth-type": "aws"})
	not emitted.aws
	emitted.awsEnv == []
}

# Otherwise the API server refuses the pod: one path would be mounted twice.
test_aws_mount_is_the_account_token if {
	emitted := _emitted_for({"auth-type": "aws"}, {"containers": [{"name": "web", "volumeMounts": [_role_token]}]})
	emitted.token.volume == "aws-iam-token"
	not emitted.aws
}
