package penstock.venue.spec;

/** How an address is asked over HTTP. */
public enum RequestMethod {
    /** Without a body. */
    GET,
    /** With a body, which may be empty. */
    POST
}
