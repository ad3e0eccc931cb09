namespace Sos.Embedded.Runtime.Calls;

/// <summary>Work of the runtime's own for a grain, in the form of a request.</summary>
internal sealed class DeliveryCall(GrainMethod method, GrainDelivery delivery) : GrainCall<Nothing>
{
    public override GrainMethod Method => method;

    // The activation whose turn this is, is the target: deliveries are not addressed to the grain object alone.
    public override Task Invoke(object target) => delivery.Run(CurrentActivation.Value!);
}
