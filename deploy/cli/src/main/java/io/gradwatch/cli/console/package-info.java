/**
 * Commands that look at runs and alarms, and say something of them, by asking a console: {@link
 * ConsoleAccess} finds it, {@link ConsoleClient} asks it, one class a command prints what it said.
 */
@NullMarked
package io.gradwatch.cli.console;

import org.jspecify.annotations.NullMarked;
