package penstock;

/** The command line. Owned by the main thread. */
public final class Main {
    private Main() {
    }

    /** Runs one command and exits with its code. */
    public static void main(final String[] args) {
        System.out.println("penstock");
    }
}
