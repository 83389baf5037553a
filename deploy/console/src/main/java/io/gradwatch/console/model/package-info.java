/**
 * What is known about runs and alarms, in bounded memory, made from the records of the topics
 * alone: the same records in the same order of each topic give the same answers, so a console that
 * starts again shows what it showed.
 */
@org.jspecify.annotations.NullMarked
package io.gradwatch.console.model;
