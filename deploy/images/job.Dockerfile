# The job on the Flink image, for the Flink Kubernetes Operator or any other way to run that image.
# Needs what `mvn package -pl deploy/images -am` leaves in target/; the context is this folder.
#
#   docker build -f job.Dockerfile -t gradwatch/job:0.1.0 .
ARG BASE=flink:2.3.0-java17

FROM ${BASE}
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=
LABEL org.opencontainers.image.title="Gradwatch job" \
      org.opencontainers.image.description="Watches neural-network trainings: the Flink job of Gradwatch." \
      org.opencontainers.image.vendor="Gradwatch" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY target/job/gradwatch-job.jar /opt/flink/usrlib/
COPY target/LICENSE target/sbom.cdx.json /usr/share/doc/gradwatch/
COPY bin/start-job bin/healthy /usr/local/bin/
# What a volume at this place looks like when it is empty.
COPY --chown=9999:9999 state /var/lib/gradwatch
# Flink's own user. The entry point of the base stays: the operator calls it.
USER 9999:9999
