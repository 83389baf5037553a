package io.gradwatch.broker.testing;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourcePattern;

/** What a client asked of a secured broker, and whether it was allowed. */
public record Asked(
    String principal, AclOperation operation, ResourcePattern resource, boolean allowed) {}
