{{/* What names begin with; a Flink cluster's name has 45 characters at most, and its job's adds 4. */}}
{{- define "gradwatch.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* By what a component's pods are found: (list . component). */}}
{{- define "gradwatch.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ $root.Chart.Name }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* Labels of a component's pods. */}}
{{- define "gradwatch.podLabels" -}}
{{- $root := index . 0 -}}
{{ include "gradwatch.selector" . }}
app.kubernetes.io/part-of: gradwatch
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
{{- end -}}

{{/* Labels of a resource. */}}
{{- define "gradwatch.labels" -}}
{{- $root := index . 0 -}}
{{ include "gradwatch.podLabels" . }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version }}
{{- end -}}

{{/* An image by digest, else by tag, else by the chart's version: (list . image). */}}
{{- define "gradwatch.image" -}}
{{- $image := index . 1 -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $image.repository $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $image.repository (default (index . 0).Chart.AppVersion $image.tag) -}}
{{- end -}}
{{- end -}}

{{/* What a size means, as YAML. What values say of one of these wins, by the helper below. */}}
{{- define "gradwatch.size" -}}
{{- if eq .Values.size "small" -}}
job: {parallelism: 2, stateBackend: hashmap}
jobManager: {replicas: 1, cpu: 0.5, memory: 1024m}
taskManager: {slots: 2, cpu: 1, memory: 2048m, ephemeralStorage: 2Gi}
autoscaler: {enabled: false, maxParallelism: 4}
console: {replicas: 1, cpu: 250m, memory: 1Gi}
router: {replicas: 1, cpu: 100m, memory: 384Mi}
gateway: {replicas: 1, cpu: 250m, memory: 512Mi}
{{- else if eq .Values.size "team" -}}
job: {parallelism: 4, stateBackend: hashmap}
jobManager: {replicas: 1, cpu: 1, memory: 1600m}
taskManager: {slots: 2, cpu: 2, memory: 2048m, ephemeralStorage: 4Gi}
autoscaler: {enabled: false, maxParallelism: 12}
console: {replicas: 2, cpu: 500m, memory: 1Gi}
router: {replicas: 2, cpu: 100m, memory: 512Mi}
gateway: {replicas: 2, cpu: 500m, memory: 1Gi}
{{- else -}}
job: {parallelism: 4, stateBackend: rocksdb}
jobManager: {replicas: 2, cpu: 1, memory: 2048m}
taskManager: {slots: 2, cpu: 2, memory: 4096m, ephemeralStorage: 20Gi}
autoscaler: {enabled: true, maxParallelism: 24}
console: {replicas: 2, cpu: "1", memory: 2Gi}
router: {replicas: 2, cpu: 250m, memory: 1Gi}
gateway: {replicas: 2, cpu: "1", memory: 1Gi}
{{- end -}}
{{- end -}}

{{/* A part of it with what values say over it, as JSON: (list . part values). */}}
{{- define "gradwatch.sized" -}}
{{- $size := index (include "gradwatch.size" (index . 0) | fromYaml) (index . 1) -}}
{{- range $key, $value := index . 2 }}{{- $_ := set $size $key $value }}{{- end -}}
{{- toJson $size -}}
{{- end -}}

{{/* Copies of a component: (list . component). */}}
{{- define "gradwatch.replicas" -}}
{{- $values := index (index . 0).Values (index . 1) -}}
{{- $size := index (include "gradwatch.size" (index . 0) | fromYaml) (index . 1) -}}
{{- default $size.replicas $values.replicas | int -}}
{{- end -}}

{{/* Requests and limits of a component: (list . component). No limit of the processor: it would only slow starts down. */}}
{{- define "gradwatch.resources" -}}
{{- $values := index (index . 0).Values (index . 1) -}}
{{- $size := index (include "gradwatch.size" (index . 0) | fromYaml) (index . 1) -}}
{{- if $values.resources -}}
{{- toYaml $values.resources -}}
{{- else -}}
requests: {cpu: {{ $size.cpu | quote }}, memory: {{ $size.memory }}, ephemeral-storage: 128Mi}
limits: {memory: {{ $size.memory }}, ephemeral-storage: 1Gi}
{{- end -}}
{{- end -}}

{{/* What every pod is held to. */}}
{{- define "gradwatch.podSecurity" -}}
runAsNonRoot: true
runAsUser: 9999
runAsGroup: 9999
fsGroup: 9999
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{/* What every container is held to. */}}
{{- define "gradwatch.containerSecurity" -}}
runAsNonRoot: true
privileged: false
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* Copies apart from each other, where there is room: (list . component). */}}
{{- define "gradwatch.spread" -}}
{{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
- maxSkew: 1
  topologyKey: {{ $key }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "gradwatch.selector" $ | nindent 6 }}
{{- end -}}
{{- end -}}

{{/* Whether Kafka's clients have credentials. */}}
{{- define "gradwatch.hasUsers" -}}
{{- if ne .Values.kafka.authentication "none" -}}true{{- end -}}
{{- end -}}

{{/* The settings of Kafka's clients, with references to secrets and no secret. */}}
{{- define "gradwatch.clientProperties" -}}
{{- $kafka := .Values.kafka -}}
{{- if include "gradwatch.hasUsers" . -}}
config.providers=dir
config.providers.dir.class=org.apache.kafka.common.config.provider.DirectoryConfigProvider
config.providers.dir.param.allowed.paths=/etc/gradwatch/user
{{ end -}}
{{- if has $kafka.authentication (list "tls" "none") -}}
security.protocol={{ ternary "SSL" "PLAINTEXT" $kafka.encryption }}
{{- else -}}
security.protocol=SASL_SSL
sasl.mechanism={{ upper $kafka.authentication }}
sasl.jaas.config=${dir:/etc/gradwatch/user:sasl.jaas.config}
{{- end }}
{{- if eq $kafka.authentication "tls" }}
ssl.keystore.type=PEM
ssl.keystore.certificate.chain=${dir:/etc/gradwatch/user:user.crt}
ssl.keystore.key=${dir:/etc/gradwatch/user:user.key}
{{- end }}
{{- if and $kafka.encryption $kafka.trust.secret }}
ssl.truststore.type=PEM
ssl.truststore.location=/etc/gradwatch/trust/{{ $kafka.trust.key }}
{{- end }}
{{ end -}}

{{/* Volumes of what Kafka's clients need: (list . user). Mode 288 is 0440: the programs refuse secrets that everybody may read. */}}
{{- define "gradwatch.kafkaVolumes" -}}
{{- $root := index . 0 -}}
- name: client
  configMap: {name: {{ include "gradwatch.fullname" $root }}-client}
{{- if include "gradwatch.hasUsers" $root }}
- name: user
  secret: {secretName: {{ index . 1 }}, defaultMode: 288}
{{- end }}
{{- if $root.Values.kafka.trust.secret }}
- name: trust
  secret: {secretName: {{ $root.Values.kafka.trust.secret }}, defaultMode: 288}
{{- end }}
{{- end -}}

{{- define "gradwatch.kafkaMounts" -}}
- {name: client, mountPath: /etc/gradwatch/client, readOnly: true}
{{- if include "gradwatch.hasUsers" . }}
- {name: user, mountPath: /etc/gradwatch/user, readOnly: true}
{{- end }}
{{- if .Values.kafka.trust.secret }}
- {name: trust, mountPath: /etc/gradwatch/trust, readOnly: true}
{{- end }}
{{- end -}}

{{/* How commands reach Kafka. */}}
{{- define "gradwatch.kafkaArguments" -}}
- --bootstrap-server={{ .Values.kafka.bootstrapServers }}
- --command-config=/etc/gradwatch/client/client.properties
{{- if not .Values.kafka.encryption }}
- --allow-plaintext
{{- end }}
{{- end -}}

{{/* Pods start anew when the settings of Kafka's clients change. */}}
{{- define "gradwatch.clientChecksum" -}}
gradwatch.io/client-checksum: {{ include "gradwatch.clientProperties" . | sha256sum }}
{{- end -}}

{{- define "gradwatch.serviceAccount" -}}
{{- default (printf "%s-job" (include "gradwatch.fullname" .)) .Values.job.serviceAccount.name -}}
{{- end -}}

{{/* Where Strimzi's operators look. */}}
{{- define "gradwatch.strimziNamespace" -}}
{{- default .Release.Namespace .Values.kafka.strimzi.namespace -}}
{{- end -}}

{{/* What job, console and router need of a schema registry. */}}
{{- define "gradwatch.registryVolumes" -}}
{{- if and .Values.registry.url .Values.registry.credentials.secret }}
- name: registry
  secret: {secretName: {{ .Values.registry.credentials.secret }}, defaultMode: 288}
{{- end }}
{{- if and .Values.registry.url .Values.registry.trust.secret }}
- name: registry-trust
  secret: {secretName: {{ .Values.registry.trust.secret }}, defaultMode: 288}
{{- end }}
{{- end -}}

{{- define "gradwatch.registryMounts" -}}
{{- if and .Values.registry.url .Values.registry.credentials.secret }}
- {name: registry, mountPath: /etc/gradwatch/registry, readOnly: true}
{{- end }}
{{- if and .Values.registry.url .Values.registry.trust.secret }}
- {name: registry-trust, mountPath: /etc/gradwatch/registry-trust, readOnly: true}
{{- end }}
{{- end -}}

{{/* How they reach it: (list . option separator), for the job calls its options otherwise than commands do. */}}
{{- define "gradwatch.registryArguments" -}}
{{- $registry := (index . 0).Values.registry -}}
{{- $option := printf "--registry%s" (index . 2) -}}
{{- if $registry.url }}
- {{ index . 1 }}={{ $registry.url }}
{{- if $registry.credentials.secret }}
{{- $file := printf "${file:/etc/gradwatch/registry/%s:" $registry.credentials.key }}
{{- if $registry.user }}
- {{ printf "%sbasic-auth=%s:%spassword}" $option $registry.user $file | quote }}
{{- else }}
- {{ printf "%sbearer-token=%stoken}" $option $file | quote }}
{{- end }}
{{- end }}
{{- if $registry.trust.secret }}
- {{ $option }}ca-file=/etc/gradwatch/registry-trust/{{ $registry.trust.key }}
{{- end }}
{{- end }}
{{- end -}}
