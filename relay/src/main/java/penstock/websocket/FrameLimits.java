package penstock.websocket;

/**
 * Limits of the frames of one connection. The parser checks all three against a frame's header, before its payload uses
 * memory. Immutable.
 *
 * @param frameBytes   payload of one data frame
 * @param messageBytes payloads of all frames of one message, as sent (a compressed message has its own limit once
 *                     inflated)
 * @param fragments    frames of one message
 */
public record FrameLimits(int frameBytes, int messageBytes, int fragments) {
    private static final int MAX_BYTES = 1 << 30;

    /** @throws IllegalArgumentException if no frame could pass the limits, or no array could hold a message */
    public FrameLimits {
        if (frameBytes < 1 || messageBytes < 1 || messageBytes > MAX_BYTES || fragments < 1) {
            throw new IllegalArgumentException(
                "frameBytes, messageBytes and fragments must be at least 1 and messageBytes at most "
                + MAX_BYTES + ", got " + frameBytes + ", " + messageBytes + ", " + fragments);
        }
    }
}
