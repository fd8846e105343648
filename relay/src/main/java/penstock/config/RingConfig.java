package penstock.config;

/** Capacity between the feed thread and the io threads; {@code slots} is a power of two. Immutable. */
public record RingConfig(int slots, int bytes) {
}
