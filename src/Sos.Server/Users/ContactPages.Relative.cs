namespace Sos.Server.Users;

/// <summary>The page of a number that was asked to be somebody's relative. It says nothing of who asked, and opening it changes nothing: phones open links by themselves.</summary>
internal static partial class ContactPages
{
    private const string Relative = """
        <h1 id="title">Relatives near by</h1>
        <p id="text" role="status">Somebody would like to know when you are near each other. Nothing is shared unless you agree in the app; if you do nothing, nothing happens.</p>
        <p id="buttons"><button id="no" class="first">Send this number no such message</button></p>
        <p>It holds for a year, whoever asks, since numbers come to others. Nobody is told what you do here.</p>
        <script nonce="NONCE">
        const byId = id => document.getElementById(id);
        byId("no").addEventListener("click", () => post("relatives/refuse").then(refused => {
          byId("buttons").hidden = true;
          byId("text").textContent = refused ? "This number gets no such message for a year." : "This link is not whole. Copy all of it from the message.";
        }).catch(error => { byId("text").textContent = error.message; }));
        </script>
        </html>
        """;
}
