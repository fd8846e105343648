/**
 * The subscribers' protocol, version 1: requests decoded, messages encoded, errors and close codes.
 *
 * <p>Thread: none of its own. Knows no other package.
 */
package penstock.wire;
