package penstock.config;

/**
 * One thing wrong in the configuration: where it was written ({@code file:line}), the path of the key, what is wrong
 * and what to do.
 */
public record Problem(String place, String path, String message) {
    @Override
    public String toString() {
        return place + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
