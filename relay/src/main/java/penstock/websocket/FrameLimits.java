package penstock.websocket;

/**
 * What one connection may send. All three are checked against the frame's header, before its payload takes memory.
 *
 * @param frameBytes   payload of one data frame
 * @param messageBytes payloads of all frames of one message, as sent (a compressed message has its own limit once
 *                     inflated)
 * @param fragments    frames of one message
 */
public record FrameLimits(int frameBytes, int messageBytes, int fragments) {
    private static final int LARGEST_BYTES = 1 << 30;

    /** Refuses limits that nothing could pass, or that no array could hold. */
    public FrameLimits {
        if (frameBytes < 1 || messageBytes < 1 || messageBytes > LARGEST_BYTES || fragments < 1) {
            throw new IllegalArgumentException(
                "frameBytes, messageBytes and fragments must be at least 1 and messageBytes at most "
                + LARGEST_BYTES + ", got " + frameBytes + ", " + messageBytes + ", " + fragments);
        }
    }
}
