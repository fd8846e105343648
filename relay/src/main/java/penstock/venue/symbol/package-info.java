/**
 * Names of instruments, both ways: as the venue spells them, and as they are published. The feed thread owns the cache;
 * all else is immutable.
 */
package penstock.venue.symbol;
