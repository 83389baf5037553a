package io.gradwatch.console.api;

/**
 * Why a request was refused, after RFC 9457.
 *
 * @param status HTTP status
 * @param title in a few words
 * @param detail what was wrong, the value found, the bound, and what to do
 */
public record Problem(int status, String title, String detail) {}
