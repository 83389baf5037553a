# The gradwatch command in an image, by target: `console` (which is the router's image, too) and `agent` (which is the gateway's).
# Needs what `mvn package -pl deploy/images -am` leaves in target/; the context is this folder.
#
#   docker build -f gradwatch.Dockerfile --target console -t gradwatch/console:0.1.0 .
#
# BASE is anything with Java 17 and bash.
ARG BASE=eclipse-temurin:17.0.17_10-jre-noble

FROM ${BASE} AS gradwatch
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=
LABEL org.opencontainers.image.vendor="Gradwatch" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# The owner of every file is root, so that a process that is broken into changes none of them.
COPY target/gradwatch/lib /opt/gradwatch/lib
COPY target/LICENSE target/sbom.cdx.json /usr/share/doc/gradwatch/
COPY bin/gradwatch bin/healthy /usr/local/bin/
# What a volume at these places looks like when it is empty.
COPY --chown=9999:9999 state /var/lib/gradwatch
COPY --chown=9999:9999 state /var/lib/gradwatch-tokens
ENV PATH=/usr/local/bin:/opt/java/openjdk/bin:/opt/jre/bin:/usr/bin:/bin
USER 9999:9999
WORKDIR /var/lib/gradwatch
ENTRYPOINT ["/usr/local/bin/gradwatch"]

FROM gradwatch AS agent
LABEL org.opencontainers.image.title="Gradwatch agent" \
      org.opencontainers.image.description="Follows the logs of trainings, or takes events over HTTP, and publishes them to Kafka."
EXPOSE 8080
CMD ["agent", "--help"]

FROM gradwatch AS console
LABEL org.opencontainers.image.title="Gradwatch console" \
      org.opencontainers.image.description="The pages and the REST interface of Gradwatch, and the router of its alarms."
EXPOSE 9600 9700
CMD ["console", "--help"]
