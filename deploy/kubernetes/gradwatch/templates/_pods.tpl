{{/* What the pods of console, router and gateway share: (list . component values). */}}
{{- define "gradwatch.pod" -}}
{{- $root := index . 0 -}}
{{- $values := index . 2 -}}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: 30
securityContext:
  {{- include "gradwatch.podSecurity" $root | nindent 2 }}
topologySpreadConstraints:
  {{- include "gradwatch.spread" (list $root (index . 1)) | trim | nindent 2 }}
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* What their containers share: (list . component). */}}
{{- define "gradwatch.container" -}}
{{- $root := index . 0 -}}
securityContext:
  {{- include "gradwatch.containerSecurity" $root | nindent 2 }}
resources:
  {{- include "gradwatch.resources" . | nindent 2 }}
{{- if and (eq (index . 1) "router") $root.Values.router.environment }}
env:
{{- range $root.Values.router.environment }}
  - name: {{ .name }}
    valueFrom: {secretKeyRef: {name: {{ .secret }}, key: {{ .key }}}}
{{- end }}
{{- end }}
{{- end -}}

{{/* (list . service values component) */}}
{{- define "gradwatch.ingress" -}}
{{- $root := index . 0 -}}
{{- $ingress := index . 2 -}}
{{- if $ingress.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ index . 1 }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "gradwatch.labels" (list $root (index . 3)) | nindent 4 }}
  {{- with $ingress.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with $ingress.className }}
  ingressClassName: {{ . }}
  {{- end }}
  tls:
    - hosts: [{{ $ingress.host }}]
      secretName: {{ $ingress.tlsSecret }}
  rules:
    - host: {{ $ingress.host }}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: {{ index . 1 }}, port: {name: http}}}
{{- end }}
{{- end -}}
