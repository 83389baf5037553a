/** A schema registry over HTTP, by the API of Confluent's that others speak, too. */
@NullMarked
package io.gradwatch.schemas.registry;

import org.jspecify.annotations.NullMarked;
