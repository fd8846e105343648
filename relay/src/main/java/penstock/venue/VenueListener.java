package penstock.venue;

import penstock.ring.UpdateSlice;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.GapAction;

/** Receives the meaning of upstream frames. All bytes are valid during the call only. Called on the feed thread. */
public interface VenueListener {
    /**
     * A new value of a topic.
     *
     * @param symbol the instrument as unescaped UTF-8; may lie in another buffer than the slices
     * @param timeUs the venue's own time, {@code Long.MIN_VALUE} if it sends none
     * @param slices reused by the next update
     */
    void onUpdate(int channel, byte[] symbol, int symbolOffset, int symbolLength, long timeUs, UpdateSlice slices);

    /** A message that is not data. */
    void onControl(ControlKind kind, byte[] frame, int offset, int length);

    /** A message that matches no rule, or that lacks the symbol or the value. */
    void onUnmatched(byte[] frame, int offset, int length);

    /** A message that is neither JSON nor a known text; {@code errorAt} counts from the first byte of the frame. */
    void onNotJson(byte[] frame, int offset, int length, int errorAt);

    /** A binary frame that could not be inflated, or not within the limit; {@code what} is the reason. */
    void onUndecodable(byte[] frame, int offset, int length, String what);

    /** A message with a number that is not above the one before; it is dropped. Never an event. */
    void onDuplicate(int channel);

    /**
     * A symbol of the venue, and another one has the name that the venue file would give it. Once for each such symbol
     * of a connection. It keeps the venue's spelling; if that is the name of another one, it is not published.
     */
    void onSymbolCollision(byte[] symbol, int offset, int length);

    /** A sequence number is missing, or is no number; {@code channel} -1: that of a frame. */
    void onBadNumber(int channel, byte[] frame, int offset, int length);

    /**
     * Messages are missing, or the venue counts from the start again: {@code got} is below {@code expected} then.
     * Called before the update that shows it.
     *
     * @param channel  -1: the whole connection, without a symbol; without a symbol otherwise: the whole channel
     * @param action   reaction that the venue file asks for
     * @param expected the expected number
     * @param got      the received number
     */
    void onGap(int channel, byte[] symbol, int symbolOffset, int symbolLength, GapAction action, long expected,
        long got);
}
