/**
 * The configuration of the relay: typed, validated records, their reader, and how they are printed with their origins.
 *
 * <p>Thread: main, before anything else starts.
 */
package penstock.config.relay;
