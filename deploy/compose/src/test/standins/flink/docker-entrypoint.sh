#!/bin/bash
# The words of the Flink image's entry point that are used here; anything else is run as it stands, as there.
set -euo pipefail
conf=/opt/flink/conf
classpath='/opt/flink/lib/*'
# The one of env.java.opts.all in the Flink image that is needed.
opens=--add-opens=java.base/java.util=ALL-UNNAMED

# Flink's own reckoning of what a process may take, from configuration and -D.
reckon() {
  java -XX:+UseSerialGC -cp "$classpath" org.apache.flink.runtime.util.bash.BashJavaUtils "$1" --configDir "$conf" "${@:2}" |
    sed -n 's/^BASH_JAVA_UTILS_EXEC_RESULT://p'
}

start() {
  local tool=$1 class=$2 jvm dynamic
  shift 2
  { read -r jvm; read -r dynamic; } < <(reckon "$tool" "$@")
  # shellcheck disable=SC2086 # several options in one variable
  exec java $jvm $opens -Dlog4j.configurationFile="file:$conf/log4j-console.properties" -cp "$classpath" "$class" --configDir "$conf" ${dynamic:-} "$@"
}

word=${1:-help}
case $word in
  help) echo 'Usage: docker-entrypoint.sh (jobmanager|standalone-job|taskmanager)' ;;
  jobmanager)
    shift
    start GET_JM_RESOURCE_PARAMS org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint "$@"
    ;;
  standalone-job)
    shift
    start GET_JM_RESOURCE_PARAMS org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint "$@"
    ;;
  taskmanager)
    shift
    start GET_TM_RESOURCE_PARAMS org.apache.flink.runtime.taskexecutor.TaskManagerRunner "$@"
    ;;
  *) exec "$@" ;;
esac
