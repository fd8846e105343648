/**
 * Typed, validated records from HOCON; all errors at once, each with file, line and remedy.
 *
 * <p>Thread: main, before anything else starts. Knows no other package.
 */
package penstock.config;
