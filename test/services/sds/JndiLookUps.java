import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.TreeSet;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.directory.Attribute;
import javax.naming.directory.Attributes;
import javax.naming.directory.InitialDirContext;
import javax.naming.directory.SearchControls;
import javax.naming.directory.SearchResult;
import javax.naming.ldap.Control;
import javax.naming.ldap.InitialLdapContext;
import javax.naming.ldap.PagedResultsControl;
import javax.naming.ldap.PagedResultsResponseControl;

/** Looks routes up as Java message handlers do: JNDI, with and without a bind, in pages. */
class JndiLookUps {
  private static Hashtable<String, String> environment(String url) {
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put("java.naming.factory.initial", "com.sun.jndi.ldap.LdapCtxFactory");
    environment.put("java.naming.provider.url", url);
    return environment;
  }

  private static SearchControls controls(int scope, String... attributes) {
    SearchControls controls = new SearchControls();
    controls.setSearchScope(scope);
    if (attributes.length > 0) controls.setReturningAttributes(attributes);
    return controls;
  }

  private static void print(String title, NamingEnumeration<SearchResult> results) throws Exception {
    while (results.hasMore()) {
      SearchResult result = results.next();
      Attributes attributes = result.getAttributes();
      List<String> lines = new ArrayList<>();
      NamingEnumeration<? extends Attribute> all = attributes.getAll();
      while (all.hasMore()) {
        Attribute attribute = all.next();
        lines.add(attribute.getID() + "=" + attribute.get());
      }
      System.out.println(title + ": " + result.getNameInNamespace() + " " + new TreeSet<>(lines));
    }
  }

  public static void main(String[] arguments) throws Exception {
    String secure = arguments[0];
    String clear = arguments[1];
    String filter = "(&(objectclass=nhsMHS)(nhsMHSSvcIA=urn:nhs:names:services:psis:REPC_IN150016UK05)(nhsIDcode=YES)(nhsMhsPartyKey=YES-0000806))";

    InitialDirContext bound = new InitialDirContext(environment(secure));
    print("bound", bound.search("ou=services, o=nhs", filter, controls(SearchControls.SUBTREE_SCOPE, "nhsMhsEndPoint", "nhsMHSFQDN")));
    print("class", bound.search("ou=Services,o=nhs", "(&(objectclass=nhsAS)(nhsMhsPartyKey=Z99901-0009901))", controls(SearchControls.ONELEVEL_SCOPE, "uniqueIdentifier")));
    Attributes entry = bound.getAttributes("uniqueIdentifier=200000000901,ou=Services,o=nhs");
    System.out.println("entry: " + entry.get("NHSIDCODE").getID() + " " + entry.get("nhsAsSvcIA").size());
    try {
      bound.getAttributes("uniqueIdentifier=1,ou=Services,o=nhs");
    } catch (NameNotFoundException missing) {
      System.out.println("missing: " + missing.getRemainingName());
    }
    System.out.println("schema: " + (bound.getSchema("").lookup("AttributeDefinition/nhsMHSPartyKey") != null));
    bound.close();

    InitialLdapContext unbound = new InitialLdapContext(environment(clear), null);
    byte[] cookie = null;
    int pages = 0;
    TreeSet<String> names = new TreeSet<>();
    do {
      unbound.setRequestControls(new Control[] {new PagedResultsControl(5, cookie, Control.NONCRITICAL)});
      NamingEnumeration<SearchResult> page = unbound.search("ou=Services, o=nhs", "(&(objectclass=nhsMhs)(nhsIDCode=Z99902))", controls(SearchControls.ONELEVEL_SCOPE, "nhsMhsCPAId"));
      while (page.hasMore()) names.add(page.next().getNameInNamespace());
      cookie = null;
      for (Control control : unbound.getResponseControls()) {
        if (control instanceof PagedResultsResponseControl) cookie = ((PagedResultsResponseControl) control).getCookie();
      }
      pages++;
    } while (cookie != null);
    System.out.println("paged: " + (pages > 1) + " " + names.size());
    unbound.close();
  }
}
