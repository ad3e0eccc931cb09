namespace Sos.Server.Users;

/// <summary>The guardian's page. A change of what is agreed to here raises <c>AgeRules.Wording</c>.</summary>
internal static partial class ContactPages
{
    private const string Guardian = """
        <h1 id="title">Parent or guardian</h1>
        <p id="text" role="status">One moment …</p>
        <div id="words" hidden>
        <p>If you agree, <span class="name"></span> may, outside an emergency:</p>
        <ul>
        <li>have emergency contacts who have agreed texted where <span class="name"></span> is, on entering a zone of high risk;</li>
        <li>apply to be a responder who helps others, which staff decides about, and share the position with the service while on duty;</li>
        <li>let apps of others use the service in the name of <span class="name"></span>.</li>
        </ul>
        <p>You see none of it, and no position is ever shown here. Calling for help works always, whatever you answer.</p>
        </div>
        <p id="buttons" hidden><button id="yes" class="first">I am the parent or guardian, and I agree</button> <button id="no">No</button></p>
        <p>You can take it back here at any time; keep the message with the link. If you are not the parent or guardian, say no.</p>
        <script nonce="NONCE">
        const byId = id => document.getElementById(id);
        let wording = 0;
        function show(question) {
          byId("buttons").hidden = byId("words").hidden = !question;
          if (!question) { byId("text").textContent = "This link is not valid any more. You are asked for nothing."; return; }
          const { firstName, ageOfConsent, answer } = question;
          wording = question.wording;
          for (const name of document.querySelectorAll(".name")) name.textContent = firstName;
          byId("text").textContent = answer === "accepted" ? `You have agreed for ${firstName}.`
            : answer === "refused" ? `You have not agreed for ${firstName}.`
            : `${firstName} is under ${ageOfConsent} and asks for your consent.`;
          byId("yes").hidden = answer === "accepted";
          byId("no").textContent = answer === "accepted" ? "I take my consent back" : "No";
          byId("no").hidden = answer === "refused";
        }
        const say = error => { byId("text").textContent = error.message; };
        byId("yes").addEventListener("click", () => post("guardian/answer", { accepts: true, wording }).then(show).catch(say));
        byId("no").addEventListener("click", () => post("guardian/answer", { accepts: false, wording }).then(show).catch(say));
        post("guardian").then(show).catch(say);
        </script>
        </html>
        """;
}
