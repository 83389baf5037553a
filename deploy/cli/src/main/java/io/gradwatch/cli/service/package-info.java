/** Broker and job in this process. */
@NullMarked
package io.gradwatch.cli.service;

import org.jspecify.annotations.NullMarked;
