package penstock.server.pace;

/** Handles a frame of a client, at once or in its turn. Owned by the io thread. */
public interface FrameHandler {
    /** {@code payload} from {@code offset}, valid during the call. */
    void onFrame(byte[] payload, int offset, int length);
}
